package dev.events.test.combination;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.events.EventPattern;
import dev.events.bus.EventBusBuilder;
import dev.events.encryption.EncryptionRule;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.test.TestEventBus;

/**
 * Test buses that encrypt.
 */
final class Secrets {

	private Secrets() {
	}

	/** All data of events of these types is encrypted. */
	static TestEventBus bus(Consumer<EventBusBuilder> options, String... types) {
		return bus(options,
				Stream.of(types).map((type) -> new EncryptionRule(EventPattern.of(type), List.of(), null)).toList());
	}

	static TestEventBus bus(Consumer<EventBusBuilder> options, List<EncryptionRule> rules) {
		EncryptionSettings settings = new EncryptionSettings(
				EventKeyProvider.of(List.of(new EventKey("k1", new byte[32])), "k1"), rules, Duration.ZERO);
		return TestEventBus.create((builder) -> {
			builder.encryption(settings);
			options.accept(builder);
		});
	}

}
