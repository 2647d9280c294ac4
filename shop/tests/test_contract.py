"""The contract openapi.yaml is valid, its examples keep it, and so does what the shop really answers."""

from typing import Any

import httpx
import pytest
import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from shop.order import ORDER_STATES, SHIPMENT_STATES
from shop.seed.shown import ShownOrder
from shop.testing import ROOT, RunningShop
from shop.tests.writing import cases_of, change, new_key, open_case, read, running_shop

__all__ = ["running_shop"]

Contract = dict[str, Any]


@pytest.fixture(scope="module")
def contract() -> Contract:
    text = (ROOT / "shop/openapi.yaml").read_text(encoding="utf-8")
    loaded: Contract = yaml.safe_load(text)
    return loaded


def check(contract: Contract, schema: str, instance: object) -> None:
    """Raises unless the instance is what components/schemas says."""
    resource = Resource(contents=contract, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("contract:", resource)
    pointer = {"$ref": f"contract:#/components/schemas/{schema}"}
    OAS31Validator(pointer, registry=registry, format_checker=oas31_format_checker).validate(instance)


def described_schema(contract: Contract, path: str, status: int, method: str = "get") -> str:
    """The name of the schema that the contract gives for this answer."""
    response = contract["paths"][path][method]["responses"][str(status)]
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    reference: str = response["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def test_the_contract_is_valid(contract: Contract) -> None:
    assert list(OpenAPIV31SpecValidator(contract).iter_errors()) == []


def test_the_checks_do_check(contract: Contract) -> None:
    with pytest.raises(Exception, match="somewhere"):
        check(contract, "OrderState", "somewhere")


def test_the_states_are_those_of_the_client(contract: Contract) -> None:
    schemas = contract["components"]["schemas"]
    assert tuple(schemas["OrderState"]["enum"]) == ORDER_STATES
    assert tuple(schemas["ShipmentState"]["enum"]) == SHIPMENT_STATES


def test_the_examples_keep_the_contract(contract: Contract) -> None:
    for name, example in contract["components"]["examples"].items():
        check(contract, "Shipment" if name.startswith("Shipment") else "Order", example["value"])
    for response in contract["components"]["responses"].values():
        check(contract, "Error", response["content"]["application/json"]["example"])


async def test_every_order_and_shipment_keeps_it(
    contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    seen = set()
    for one in shop_server.orders():
        order = (await api.get(f"/api/orders/v1/orders/{one.number}", params={"customer_id": one.customer_id})).json()
        check(contract, described_schema(contract, "/api/orders/v1/orders/{number}", 200), order)
        seen.add(order["state"])
        for parcel in order["shipments"]:
            shipment = (await api.get(f"/api/logistics/v1/shipments/{parcel['tracking_number']}")).json()
            check(contract, "Shipment", shipment)
    assert seen == set(ORDER_STATES)


async def test_a_list_keeps_it(contract: Contract, api: httpx.AsyncClient) -> None:
    path = "/api/orders/v1/customers/{customer_id}/orders"
    check(contract, described_schema(contract, path, 200), (await api.get(path.format(customer_id="c001"))).json())


ORDER = "/api/orders/v1/orders/{number}"
SHIPMENT = "/api/logistics/v1/shipments/{tracking_number}"


@pytest.mark.parametrize(
    ("path", "address", "status", "authorized"),
    [
        (ORDER, "/api/orders/v1/orders/20010101000000", 400, True),
        (ORDER, "/api/orders/v1/orders/20010101000000?phone_tail=0000", 401, False),
        (ORDER, "/api/orders/v1/orders/20010101000000?phone_tail=0000", 404, True),
        (SHIPMENT, "/api/logistics/v1/shipments/X", 404, True),
        (SHIPMENT, "/api/logistics/v1/shipments/X", 401, False),
    ],
)
async def test_errors_keep_it(
    contract: Contract, api: httpx.AsyncClient, path: str, address: str, status: int, authorized: bool
) -> None:
    reply = await api.get(address, headers={} if authorized else {"Authorization": "Bearer no"})
    assert reply.status_code == status
    check(contract, described_schema(contract, path, status), reply.json())


async def test_down_keeps_it(contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    shop_server.fault("logistics", "down")
    reply = await api.get("/api/logistics/v1/shipments/X")
    check(contract, described_schema(contract, SHIPMENT, reply.status_code), reply.json())


WRITES = {
    "cancellation": {"reason": "changed_mind"},
    "receiver": {"name": "王小明"},
    "after-sales": {"kind": "return"},
    "after-sales/{case}/pickup": {"day": "2020-01-01", "from": "09:00", "until": "12:00"},
}
# In which state an order is for each of the answers.
ANSWERS = {
    "cancellation": {201: "paid", 409: "delivered"},
    "receiver": {201: "paid", 409: "delivered"},
    "after-sales": {201: "delivered", 409: "paid"},
    "after-sales/{case}/pickup": {201: "delivered", 409: "delivered"},
}


@pytest.mark.parametrize("what", WRITES)
async def test_every_answer_to_a_write_keeps_it(
    contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient, what: str
) -> None:
    path, seen = f"{ORDER}/{what}", set()

    async def check_answer(one: ShownOrder, body: dict[str, Any], **how: Any) -> httpx.Response:
        filled = what.replace("{case}", how.pop("case", "RT20200101000001"))
        reply = await change(api, one, filled, body, **how)
        check(contract, described_schema(contract, path, reply.status_code, "post"), reply.json())
        seen.add(reply.status_code)
        return reply

    for status, state in ANSWERS[what].items():
        one, body, how = shop_server.add_order(state, city="武汉"), WRITES[what], {}
        if "{case}" in what:
            how["case"] = (await open_case(api, one, "return")).json()["number"]
        if "{case}" in what and status == 201:
            body = (await api.get("/api/logistics/v1/pickup-slots", params={"city": "武汉"})).json()["slots"][0]
        key = new_key()
        assert (await check_answer(one, body, key=key, **how)).status_code == status
        replayed = await check_answer(one, body, key=key, **how)
        assert (replayed.status_code, replayed.headers["Idempotent-Replayed"]) == (status, "true")
        other = {**body, "more": "of it"}
        assert (await check_answer(one, other, key=key, **how)).status_code == 422
    for _ in range(11):
        await check_answer(one, body, proof={"phone_tail": "x"}, **how)
    await check_answer(one, [], **how)  # type: ignore[arg-type]
    shop_server.fault("orders", "down", only="writes")
    await check_answer(one, body, **how)
    unauthorized = await api.post(path.format(number=one.number, case="X"), headers={"Authorization": "Bearer no"})
    check(contract, described_schema(contract, path, unauthorized.status_code, "post"), unauthorized.json())
    seen.add(unauthorized.status_code)
    documented = {int(status) for status in contract["paths"][path]["post"]["responses"]}
    assert seen == documented == {201, 400, 401, 404, 409, 422, 429, 503}


async def test_cases_and_pickup_slots_keep_it(
    contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient
) -> None:
    for kind, state in (("damaged", "delivered"), ("return", "delivered"), ("urge_shipping", "paid")):
        one = shop_server.add_order(state)
        assert (await open_case(api, one, kind)).status_code == 201
        again = await open_case(api, one, kind)
        check(contract, "Error", again.json())
        assert again.json()["error"]["case"] == (await cases_of(api, one))[0]["number"]
        shown = await api.get(f"/api/orders/v1/orders/{one.number}/after-sales", params={"phone_tail": one.phone_tail})
        check(contract, described_schema(contract, f"{ORDER}/after-sales", 200), shown.json())
        check(contract, "Order", await read(api, one))
    for city in ("武汉", "三亚", ""):
        reply = await api.get("/api/logistics/v1/pickup-slots", params={"city": city})
        check(contract, described_schema(contract, "/api/logistics/v1/pickup-slots", reply.status_code), reply.json())


async def test_seeded_cases_keep_it(contract: Contract, shop_server: RunningShop, api: httpx.AsyncClient) -> None:
    seen = set()
    for one in shop_server.orders(state="delivered"):
        cases = await cases_of(api, one)
        check(contract, "CaseList", {"cases": cases})
        seen |= {(case["kind"], case["state"]) for case in cases}
    assert {("return", "on_its_way"), ("exchange", "done"), ("damaged", "requested")} <= seen


async def test_the_contract_is_served_as_it_is(api: httpx.AsyncClient) -> None:
    assert (await api.get("/openapi.yaml")).content == (ROOT / "shop/openapi.yaml").read_bytes()
