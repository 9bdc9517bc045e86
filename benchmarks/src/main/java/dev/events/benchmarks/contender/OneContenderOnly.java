package dev.events.benchmarks.contender;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * All contenders are on one class path; an application context has the auto-configuration
 * of one of them.
 */
final class OneContenderOnly implements AutoConfigurationImportFilter, EnvironmentAware {

	/** Property with the package of the one. */
	static final String PROPERTY = "benchmark.contender";

	private static final List<String> CONTENDERS = List.of("dev.events.", "org.springframework.modulith.",
			"io.namastack.", "com.github.kagkarlsson.");

	private String chosen = "";

	@Override
	public void setEnvironment(Environment environment) {
		this.chosen = environment.getProperty(PROPERTY, "");
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurationClasses.length];
		for (int i = 0; i < matches.length; i++) {
			String name = autoConfigurationClasses[i];
			matches[i] = name != null && (!this.chosen.isEmpty() && name.startsWith(this.chosen)
					|| CONTENDERS.stream().noneMatch(name::startsWith));
		}
		return matches;
	}

}
