package dev.events.jdbc;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

class JdbcStoreHintsTests {

	@Test
	void everyFileIsKept() throws IOException {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(JdbcStoreHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		Resource[] files = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:dev/events/jdbc/migration/**/*.sql");
		assertThat(files).hasSizeGreaterThan(10).allSatisfy((file) -> {
			String url = file.getURL().toString();
			String name = url.substring(url.lastIndexOf("dev/events/"));
			assertThat(RuntimeHintsPredicates.resource().forResource(name)).as(name).accepts(hints);
		});
	}

}
