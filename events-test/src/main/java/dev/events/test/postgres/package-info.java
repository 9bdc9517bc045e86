/**
 * A PostgreSQL for tests: {@link dev.events.test.postgres.PostgresServer} runs it in a
 * container or from embedded binaries, {@link dev.events.test.postgres.PostgresDatabase}
 * is one empty database in it.
 */
@NullMarked
package dev.events.test.postgres;

import org.jspecify.annotations.NullMarked;
