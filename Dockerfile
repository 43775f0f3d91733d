# The image of web, worker and beat. Built in two steps: what builds stays out of what runs.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends npm && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal
COPY requirements/base.txt requirements/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN /opt/venv/bin/python -m hro_portal.stack.assets && rm -rf node_modules

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home portal \
    && install -d -o portal -g portal -m 0700 /var/lib/portal /etc/portal/keys
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=hro_portal.settings \
    DATA_DIR=/var/lib/portal
USER portal
VOLUME /var/lib/portal /etc/portal/keys
EXPOSE 8000
CMD ["gunicorn", "hro_portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "hro_portal.threads.Worker", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
