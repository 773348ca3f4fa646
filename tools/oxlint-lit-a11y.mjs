// eslint-plugin-lit-a11y under oxlint. Its rules keep notes on the parser's services, which oxlint freezes; so each
// rule gets services of its own.
import litA11y from 'eslint-plugin-lit-a11y';

function withOwnServices(rule) {
  return {
    ...rule,
    create(context) {
      const sourceCode = Object.create(context.sourceCode, { parserServices: { value: {} } });
      const own = { parserServices: { value: {} }, sourceCode: { value: sourceCode } };
      return rule.create(Object.create(context, own));
    },
  };
}

export default {
  meta: { name: 'lit-a11y' },
  rules: Object.fromEntries(Object.entries(litA11y.rules).map(([name, rule]) => [name, withOwnServices(rule)])),
};
