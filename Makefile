# Each target hands its ARGS on, as in: make test ARGS="tests/stack -x"
.PHONY: run test journeys walls check lock bench faults drills forms sbom

run test journeys walls check lock bench faults drills forms sbom:
	@exec python3 bootstrap.py $@ $(ARGS)
