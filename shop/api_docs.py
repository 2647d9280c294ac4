"""The API page: the contract openapi.yaml, shown by Swagger UI from its package, with nothing inline."""

from pathlib import Path

from sanic import Blueprint
from swagger_ui_bundle import swagger_ui_path

from shop.headers import API_DOCS

HERE = Path(__file__).parent

api_docs = Blueprint("api_docs")
api_docs.static(API_DOCS, HERE / "pages/api-docs.html", name="page", content_type="text/html; charset=utf-8")
api_docs.static("/docs/api.js", HERE / "pages/api-docs.js", name="script")
api_docs.static("/docs/api.css", HERE / "pages/api-docs.css", name="style")
api_docs.static("/openapi.yaml", HERE / "openapi.yaml", name="contract", content_type="application/yaml; charset=utf-8")
for _file in ("swagger-ui-bundle.js", "swagger-ui.css"):
    api_docs.static(f"/docs/{_file}", Path(str(swagger_ui_path)) / _file, name=_file.replace(".", "_"))
