# Each target hands its ARGS on, as in: make test ARGS="tests/stack -x"
.PHONY: run test check lock bench faults

run test check lock bench faults:
	@exec python3 bootstrap.py $@ $(ARGS)
