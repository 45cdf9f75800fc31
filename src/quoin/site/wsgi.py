"""Django's request handler."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoin.site.settings")

application = get_wsgi_application()
