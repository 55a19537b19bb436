import ts from 'typescript';

const spoken = new Set(['aria-label', 'title', 'placeholder', 'label', 'description', 'alt', 'text', 'note']);

/** Operators whose result is one of their sides, or both. */
const joining = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
]);

/** Whose words are the same in every language: keys and commands. */
const universal = /^(Key|kbd|code)$/;

/** Words that stand in a component itself: between tags, or in an attribute that is read out or shown. */
export function literalTexts(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const keep = (words: string) => {
    if (/\p{L}{2}/u.test(words) && !words.startsWith('gantry ')) found.push(words.trim());
  };
  function visit(node: ts.Node): void {
    if (ts.isJsxElement(node) && universal.test(node.openingElement.tagName.getText(source))) return;
    if (ts.isJsxText(node)) keep(node.text);
    if (ts.isJsxExpression(node) && node.expression && isShown(node))
      for (const words of shownBy(node.expression)) keep(words);
    if (
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText(source)) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer)
    )
      keep(node.initializer.text);
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}

function isShown({ parent }: ts.JsxExpression): boolean {
  return (
    ts.isJsxElement(parent) ||
    ts.isJsxFragment(parent) ||
    (ts.isJsxAttribute(parent) && spoken.has(parent.name.getText()))
  );
}

/** The texts that an expression may come to by itself; what it calls is not looked into. */
function shownBy(expression: ts.Expression): string[] {
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression))
    return [expression.text];
  if (ts.isConditionalExpression(expression))
    return [...shownBy(expression.whenTrue), ...shownBy(expression.whenFalse)];
  if (ts.isTemplateExpression(expression))
    return [expression.head.text, ...expression.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isBinaryExpression(expression) && joining.has(expression.operatorToken.kind))
    return [...shownBy(expression.left), ...shownBy(expression.right)];
  return [];
}
