import base from '../../../vitest.config.ts';

/** Checks of deploy/ that need promtool, nginx, systemd-analyze, hadolint and a Compose parser: `.ci/with-tools` has them. */
export default {
  ...base,
  test: { ...base.test, include: ['test/deploy/tools/*.test.ts'], exclude: [] },
};
