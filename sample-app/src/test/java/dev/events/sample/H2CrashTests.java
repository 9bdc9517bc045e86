package dev.events.sample;

import java.util.List;

/**
 * Crash tests on the database that the application has by default, a file.
 */
class H2CrashTests extends CrashContract {

	@Override
	List<String> database() {
		return List.of();
	}

}
