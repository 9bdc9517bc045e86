package dev.events.benchmarks.contender;

import java.util.List;
import java.util.stream.Stream;

import dev.events.benchmarks.server.Store;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * All contenders are on one class path; an application context has the auto-configuration
 * of one of them, and of the store.
 */
final class OneContenderOnly implements AutoConfigurationImportFilter, EnvironmentAware {

	/** Property with the package of the one. */
	static final String PROPERTY = "benchmark.contender";

	private static final List<String> CONTENDERS = List.of("dev.events.", "org.springframework.modulith.",
			"io.namastack.", "com.github.kagkarlsson.");

	/** Property with the name of the store. */
	static final String STORE = "benchmark.store";

	// what would look for a database, and what would look for a Redis
	private static final List<String> POSTGRES = List.of("org.springframework.boot.jdbc.",
			"org.springframework.boot.flyway.");

	private static final List<String> REDIS = List.of("org.springframework.boot.data.redis.");

	private String chosen = "";

	private List<String> foreign = List.of();

	@Override
	public void setEnvironment(Environment environment) {
		this.chosen = environment.getProperty(PROPERTY, "");
		this.foreign = Store.POSTGRES.name().equals(environment.getProperty(STORE)) ? REDIS : POSTGRES;
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurationClasses.length];
		for (int i = 0; i < matches.length; i++) {
			String name = autoConfigurationClasses[i];
			matches[i] = name != null && (!this.chosen.isEmpty() && name.startsWith(this.chosen)
					|| Stream.of(CONTENDERS, this.foreign).flatMap(List::stream).noneMatch(name::startsWith));
		}
		return matches;
	}

}
