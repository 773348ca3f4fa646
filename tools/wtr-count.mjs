// A web-test-runner reporter that ends with one line, `N passed, N failed`.

function count(suite, totals) {
  for (const test of suite.tests) {
    if (!test.skipped) totals[test.passed ? 'passed' : 'failed'] += 1;
  }
  for (const inner of suite.suites) count(inner, totals);
  return totals;
}

/** A page that ran no test counts as one failure: it loaded nothing, and a green run would hide that. */
export function countTests(sessions) {
  const totals = { passed: 0, failed: 0 };
  for (const session of sessions) {
    const page = session.testResults ? count(session.testResults, { passed: 0, failed: 0 }) : { passed: 0, failed: 0 };
    if (page.passed + page.failed === 0) {
      console.error(`${session.testFile}: no test ran`);
      page.failed = 1;
    }
    totals.passed += page.passed;
    totals.failed += page.failed;
  }
  return totals;
}

export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const { passed, failed } = countTests(sessions);
      if (failed > 0) process.exitCode = 1;
      console.log(`\n${passed} passed, ${failed} failed`);
    },
  };
}
