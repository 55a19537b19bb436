import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainClass } from './main-class.ts';

const main = 'public static void main(String[] args) { }';

test('the class named after the file is started', () => {
  assert.equal(mainClass('Main.java', `class Other {} public class Main { ${main} }`), 'Main');
  assert.equal(mainClass('src/App.java', `package a.b;\npublic class App { ${main} }`), 'a.b.App');
});

test('otherwise the class that holds main', () => {
  assert.equal(mainClass('main.java', `class Foo { } class Bar { ${main} } class Baz { }`), 'Bar');
  assert.equal(mainClass('main.java', `record R(int x) { ${main} }`), 'R');
});

test('comments and strings are no code', () => {
  const source = `/* class A { void main( } */ // class B\nclass C { String s = "class D"; ${main} }`;
  assert.equal(mainClass('x.java', source), 'C');
});
