import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/*.min.js", "third_party/", ".venv/", "site/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-shadow": "error", // files are joined: a name means one thing
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["benchmarks/stopwatch.js"], languageOptions: { sourceType: "script", globals: { jupyterapp: "readonly" } } },
];
