package dev.events.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigurationMetadataTests {

	@Test
	@SuppressWarnings("unchecked")
	void everyPropertyHasADescription() throws IOException {
		try (InputStream in = EventsProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			Map<String, Object> metadata = JsonMapper.shared().readValue(in, Map.class);
			List<Map<String, Object>> properties = ((List<Map<String, Object>>) metadata.get("properties")).stream()
				.filter((property) -> property.get("name").toString().startsWith("events."))
				.toList();
			assertThat(properties).hasSizeGreaterThan(25)
				.allSatisfy((property) -> assertThat(property.get("description")).asString()
					.as("%s", property.get("name"))
					.endsWith(".")
					.matches("[A-Z].+")
					.doesNotStartWith("The ")
					.doesNotStartWith("A "));
		}
	}

}
