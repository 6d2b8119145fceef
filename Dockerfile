# Builds feryat for use beside a ClickHouse server (see compose.yaml): no
# embedded engine inside, so neither npm nor the engine's library.
# The defaults are those of deploy/versions.env.
ARG GO_VERSION=1.26
ARG DEBIAN_VERSION=12-slim
FROM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /feryat ./cmd/feryat

FROM debian:${DEBIAN_VERSION}
RUN useradd --system --create-home feryat && mkdir /data && chown feryat /data
COPY --from=build /feryat /feryat
COPY deploy/healthcheck /healthcheck
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER feryat
VOLUME /data
ENV FERYAT_DATA_DIR=/data
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s CMD ["/healthcheck"]
ENTRYPOINT ["/feryat"]
CMD ["serve", "--config", "/etc/feryat/feryat.yaml"]
