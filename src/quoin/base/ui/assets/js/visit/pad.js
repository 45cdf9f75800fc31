// The client's hand on a canvas. The typed name alone is enough: the picture is sent only if something was drawn.
const WIDTH = 2.5;

export function pad(form) {
  const canvas = form.querySelector("canvas");
  const field = form.elements.signature;
  const pen = canvas.getContext("2d");
  let drawing = false;
  canvas.closest(".fv-pad").hidden = false;
  pen.lineWidth = WIDTH;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#10131a";

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  const lift = () => {
    if (!drawing) return;
    drawing = false;
    field.value = canvas.toDataURL("image/png");
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  form.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}
