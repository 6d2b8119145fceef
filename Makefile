# make (or make help) lists what there is. Every target does its own set-up.
GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 60s
COUNT   ?= 3
ENGINE  := storage/engine/npm/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so

.DEFAULT_GOAL := help
.PHONY: help setup browser receivers build demo test race lint accuracy bench bench-growth soak fuzz clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: ## install the engine's library (once; then needs no network)
	@sh storage/engine/npm/setup.sh

browser: ## install a browser (from Debian's packages) and axe-core (from npm) for the page's tests, once
	@sh web/browser.sh
	@sh web/axe/setup.sh

receivers: ## install a receiver of alerts for the channels' tests (once, from Debian's packages)
	@sh alert/notify/alertmanager.sh

build: setup ## build bin/feryat
	@mkdir -p bin
	$(GO) build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/feryat ./cmd/feryat
	@mkdir -p bin/lib && ln -sfn ../../$(ENGINE) bin/lib/libchdb.so

demo: build ## run the whole program on three sample sites and open the page
	bin/feryat demo

test: setup browser receivers ## run all tests
	$(GO) test -timeout 20m ./...

race: setup browser receivers ## run all tests under the race detector
	$(GO) test -race -timeout 25m ./...

lint: bin/golangci-lint ## check layers, names, texts and known mistakes
	bin/golangci-lint run ./...

bin/golangci-lint: tools/go.mod tools/go.sum
	@mkdir -p bin
	cd tools && $(GO) build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

accuracy: build ## gold cases; figures on labelled texts in FERYAT_ACCURACY_DATA or ../shared/data (minutes)
	$(GO) test -count=1 -v -run TestCases ./sentiment/tr ./sentiment/fa ./sentiment/en
	FERYAT_ACCURACY=1 $(GO) test -count=1 -v -timeout 60m ./sentiment/accuracy

bench: ## speed of verdicts beside govader, start and memory, as benchstat reads it
	cd bench && $(GO) test -run '^$$' -bench . -benchmem -count $(COUNT)

bench-growth: setup ## every panel over 2 M and 20 M generated mentions; needs 15 GB in FERYAT_GROWTH_DIR (an hour)
	$(GO) test -tags growth -run 'TestGrowth$$' -count=1 -timeout 5h -v ./dashboards

soak: build browser ## kill -9 twenty times and compare; delay to the webhook; replay of a million; a month (minutes)
	$(GO) test -tags soak -run "TestSoak|TestDelay|TestReplay|TestThirtyDaysInFull" -count=1 -timeout 75m -v ./cmd/feryat
	$(GO) test -tags soak -run TestSoak -count=1 -timeout 15m ./storage

fuzz: setup ## run every fuzz target for FUZZTIME (60s)
	@GO='$(GO)' FUZZTIME='$(FUZZTIME)' sh .ci/fuzz

clean: ## remove what was built; data and installed libraries stay
	rm -rf bin
