import ts from 'typescript';

/** One reference from a module to another, as it is written in the source. */
export interface Reference {
  readonly to: string;
  /** How the target is reached: with the module, when the line is executed, as a type only, or as a file to start. */
  readonly kind: 'static' | 'lazy' | 'type' | 'file';
}

/** What the rules need to know of one source file. */
export interface Module {
  readonly path: string;
  readonly lines: number;
  readonly references: readonly Reference[];
  /** `import(x)` whose target isn't written out, which no rule can follow. */
  readonly computedImports: number;
  readonly readsEnvironment: boolean;
  readonly mocks: readonly string[];
  /** Only passes on what other files export. */
  readonly isBarrel: boolean;
}

/** Reads one TypeScript source with the compiler's own parser: static, dynamic and type imports, and URLs of modules. */
export function parseModule(path: string, text: string): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const references: Reference[] = [];
  const mocks: string[] = [];
  let computedImports = 0;
  let readsEnvironment = false;

  function visit(node: ts.Node): void {
    const reference = referenceOf(node);
    if (reference) references.push(reference);
    if (ts.isCallExpression(node) && isImportKeyword(node)) {
      const targets = chosen(node.arguments[0]).map((target) => literal(target, 'lazy'));
      references.push(...targets.filter((target) => target !== undefined));
      if (targets.includes(undefined)) computedImports += 1;
    }
    if (isEnvironment(node)) readsEnvironment = true;
    if (ts.isCallExpression(node)) {
      const mock = /\b(?:vi|jest|mock)\.(?:mock|doMock|spyOn|module|method|fn|getter|setter)$/.exec(
        node.expression.getText(source),
      );
      if (mock) mocks.push(mock[0]);
    }
    ts.forEachChild(node, visit);
  }
  visit(source);

  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    references,
    computedImports,
    readsEnvironment,
    mocks,
    isBarrel: isBarrel(source),
  };
}

function referenceOf(node: ts.Node): Reference | undefined {
  if (ts.isImportDeclaration(node)) {
    return literal(
      node.moduleSpecifier,
      node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type' : 'static',
    );
  }
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'static');
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal, 'type');
  }
  if (ts.isCallExpression(node) && isNamed(node.expression, 'require')) {
    return literal(node.arguments[0], 'lazy');
  }
  if (ts.isNewExpression(node) && isNamed(node.expression, 'URL')) {
    const url = literal(node.arguments?.[0], 'file');
    return url?.to.startsWith('.') && url.to.endsWith('.ts') ? url : undefined;
  }
  return undefined;
}

function literal(node: ts.Node | undefined, kind: Reference['kind']): Reference | undefined {
  return node && ts.isStringLiteralLike(node) ? { to: node.text, kind } : undefined;
}

function isImportKeyword(node: ts.CallExpression): boolean {
  return node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** Both sides of `condition ? a : b`, else the expression itself. */
function chosen(node: ts.Expression | undefined): (ts.Expression | undefined)[] {
  return node && ts.isConditionalExpression(node)
    ? [...chosen(node.whenTrue), ...chosen(node.whenFalse)]
    : [node];
}

function isEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return isNamed(node.expression, 'process') && node.name.text === 'env';
  }
  if (ts.isElementAccessExpression(node)) {
    return isNamed(node.expression, 'process') && literal(node.argumentExpression, 'static')?.to === 'env';
  }
  return (
    ts.isImportDeclaration(node) &&
    ['process', 'node:process'].includes(literal(node.moduleSpecifier, 'static')?.to ?? '')
  );
}

function isBarrel(source: ts.SourceFile): boolean {
  const passesOn = (statement: ts.Statement) =>
    ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
  const starred = source.statements.some(
    (statement) => ts.isExportDeclaration(statement) && passesOn(statement) && !statement.exportClause,
  );
  return starred || (source.statements.length > 0 && source.statements.every(passesOn));
}
