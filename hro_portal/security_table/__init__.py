"""The table of docs/security.md: requirement → tests that show it → result, and the gaps.

Tests name what they show by `@pytest.mark.asvs("V1.2.1")` and `@pytest.mark.tr("A3.1.05")`. `requirements.csv` holds
the requirements in short words of our own, the command that shows one outside of pytest, and why one is open.

    python -m hro_portal.security_table            writes the table into docs/security.md
    python -m hro_portal.security_table --check    fails if the one there is another (part of `make check`)
    pytest --security-table var/security.json      writes the result of each test for each requirement, and beside it
                                                   var/security.md: this table with a column of results (`make test`)
"""
