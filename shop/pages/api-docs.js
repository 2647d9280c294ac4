// Shows openapi.yaml. The contract is OpenAPI 3.1; the packaged Swagger UI reads 3.0, which says "or null" in another way.

function inOlderDialect(part) {
  if (Array.isArray(part)) return part.map(inOlderDialect);
  if (part === null || typeof part !== "object") return part;
  const older = {};
  for (const [key, value] of Object.entries(part)) older[key] = inOlderDialect(value);
  if (Array.isArray(older.type)) {
    older.nullable = older.type.includes("null");
    older.type = older.type.find((type) => type !== "null");
  }
  const choices = older.oneOf;
  if (Array.isArray(choices) && choices.some((choice) => choice.type === "null")) {
    delete older.oneOf;
    return { ...older, nullable: true, allOf: choices.filter((choice) => choice.type !== "null") };
  }
  return older;
}

const ReadsNewerContracts = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (contract) => update({ ...inOlderDialect(contract), openapi: "3.0.3" }),
      },
    },
  },
});

window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/openapi.yaml",
    dom_id: "#contract",
    presets: [window.SwaggerUIBundle.presets.apis],
    plugins: [ReadsNewerContracts],
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null,
  });
});
