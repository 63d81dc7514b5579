// Checks the API's description and what the service answers against it. One JSON text a line in, one a line out:
//   {"document": …, "whole": true}                      is it OpenAPI 3.1, and do all its schemas compile?
//   {"pointer": "/components/schemas/Event", "value": …}  does the value fit the schema at this place?
// Answers {"errors": [text…]}. Schemas are read strictly: an unknown keyword or format is an error.
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Validator } from "@seriousme/openapi-schema-validator";

const id = "urn:convoke:openapi";
let ajv, document;

function walk(value, pointer, visit) {
  if (value === null || typeof value !== "object") return;
  visit(value, pointer);
  for (const [key, inner] of Object.entries(value))
    walk(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, visit);
}

const said = (error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`;

// Where schemas stand outside components: in parameters, headers and media types.
function schemasOf(document) {
  const places = Object.keys(document.components?.schemas ?? {}).map((name) => `/components/schemas/${name}`);
  walk(document, "", (value, pointer) => {
    const outside = !pointer.includes("/schemas/") && !pointer.includes("/schema/") && !/\/examples?\//.test(pointer);
    if (outside && value.schema) places.push(`${pointer}/schema`);
  });
  return places;
}

function compile(pointer) {
  const reference = `${id}#${pointer.split("/").map(encodeURIComponent).join("/")}`;
  const found = ajv.getSchema(reference);
  if (!found) throw new Error(`there is no schema at ${pointer}`);
  return found;
}

async function load(given, whole) {
  const shape = whole ? await new Validator().validate(structuredClone(given)) : { valid: true };
  const errors = shape.valid ? [] : [].concat(shape.errors).map((error) => (error.instancePath !== undefined ? said(error) : String(error)));
  document = structuredClone(given);
  document.$id = id;
  delete document.jsonSchemaDialect;
  // allErrors names everything that is wrong; a union of types is how JSON Schema says that a text may be null.
  ajv = new Ajv2020({ strictSchema: true, strictTypes: false, strictRequired: false, allErrors: true, allowUnionTypes: true });
  addFormats(ajv);
  ajv.addVocabulary(["example", ...Object.keys(given)]);
  ajv.addSchema(document);
  for (const pointer of whole ? schemasOf(given) : []) {
    try {
      compile(pointer);
    } catch (error) {
      errors.push(`${pointer}: ${error.message}`);
    }
  }
  return errors;
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let errors;
  try {
    if (asked.document) {
      errors = await load(asked.document, asked.whole);
    } else {
      const fits = compile(asked.pointer);
      errors = fits(asked.value) ? [] : fits.errors.map(said);
    }
  } catch (error) {
    errors = [String(error.message)];
  }
  process.stdout.write(JSON.stringify({ errors }) + "\n");
}
