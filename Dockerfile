# One image: web, worker and the embedded PostgreSQL under one supervisor.
FROM python:3.13-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
RUN useradd --system --create-home --home-dir /data sightline
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt
COPY --chown=root:root . .
USER sightline
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8000 DEMO=off
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=120s --timeout=15s CMD ["python", "-m", "config.probe"]
CMD ["python", "manage.py", "start"]
