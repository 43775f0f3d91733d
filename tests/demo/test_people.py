from hro_portal.demo.people import CITIZENS, OWNER, STAFF
from hro_portal.stack.__main__ import DEMO_SIGN_INS


def test_the_start_of_the_demo_tells_one_person_of_each_kind() -> None:
    told = {email for email, _who in DEMO_SIGN_INS}
    assert told <= {*CITIZENS, OWNER, *(each.email for each in STAFF)}
    assert {*CITIZENS, OWNER} <= told
