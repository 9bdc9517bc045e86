package dev.events.docs;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What cannot be configured so is found, at its line.
 */
class ConfigurationBlocksTests {

	private final ConfigurationBlocks blocks = new ConfigurationBlocks();

	@Test
	void whatExistsIsRight() {
		assertThat(check("""
				```yaml
				spring.application.name: shop
				events:
				  retry: { max-attempts: 5, initial-delay: 1s }
				  retention:
				    rules:
				      - { type: "order.**", max-age: 1d }
				  subscribers:
				    "[my.id]": { retry: { max-attempts: 3 } }
				```
				```properties
				events.encryption.keys.k1=${KEY}
				management.endpoint.eventdlq.access=unrestricted
				```
				""")).isEmpty();
	}

	@Test
	void whatDoesNotExistIsReportedAtItsLine() {
		assertThat(check("""
				```yaml
				events:
				  retry:
				    max-attempts: 5
				    max-tries: 5
				```
				""")).containsExactly(new Problem("page.md", 5, "there is no property events.retry.max-tries"));
		assertThat(check("""
				```properties
				events.enabled=true
				events.subscribers.audit.partition=1
				```
				"""))
			.containsExactly(new Problem("page.md", 3, "there is no property events.subscribers.audit.partition"));
	}

	@Test
	void valuesOfTheWrongKindAreReported() {
		assertThat(check("""
				```yaml
				events:
				  delivery:
				    lease-duration: soon
				```
				""")).singleElement().satisfies((problem) -> {
			assertThat(problem.line()).isEqualTo(4);
			assertThat(problem.message()).contains("soon");
		});
	}

	@Test
	void whatIsNoYamlIsReported() {
		assertThat(check("""
				```yaml
				events: [
				```
				""")).hasSize(1);
	}

	private List<Problem> check(String text) {
		return this.blocks.check(Page.of("page.md", text.lines().toList()));
	}

}
