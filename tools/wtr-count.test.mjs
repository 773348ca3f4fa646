import assert from 'node:assert/strict';
import test from 'node:test';
import { countTests } from './wtr-count.mjs';

const suite = (tests, suites = []) => ({ tests, suites });
const page = (testResults, testFile = 'a.test.ts') => ({ testFile, testResults });

test('tests are counted through all suites, and skipped ones not at all', () => {
  const inner = suite([{ passed: true }, { passed: false }, { passed: false, skipped: true }]);
  assert.deepEqual(countTests([page(suite([{ passed: true }], [inner]))]), { passed: 2, failed: 1 });
});

test('a page that ran no test counts as failed', () => {
  assert.deepEqual(countTests([page(suite([{ passed: true }])), page(suite([])), page(undefined)]), {
    passed: 1,
    failed: 2,
  });
});
