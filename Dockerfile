# One image: web, worker and the embedded PostgreSQL under one supervisor, or each of them alone.
FROM python:3.13-slim-bookworm AS installed
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/run.txt /run.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /run.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# Volumes that are made of these directories belong to who writes there.
RUN useradd --system --create-home --home-dir /data --uid 10001 sightline \
    && mkdir -m 0700 /keys && chown sightline: /keys
COPY --from=installed /venv /venv
WORKDIR /app
COPY --chown=root:root . .
USER sightline
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8000 DEMO=off
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=120s --timeout=15s CMD ["python", "-m", "config.probe"]
CMD ["python", "manage.py", "start"]
