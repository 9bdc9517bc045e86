package dev.events.spring.autoconfigure;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.events.DataSubject;
import dev.events.Encrypted;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventType;
import dev.events.InvalidEventException;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.encryption.KeyPurpose;
import dev.events.spring.EventsContext;
import dev.events.spring.actuate.EventMeters;
import dev.events.spring.actuate.EventsEndpoint;
import dev.events.spring.actuate.PayloadAccess;
import dev.events.spring.actuate.ShowPayloads;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EncryptionConfigurationTests {

	private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

	private static final String SHORT = Base64.getEncoder().encodeToString(new byte[16]);

	private final ApplicationContextRunner runner = EventsContext.inMemory();

	private final ApplicationContextRunner withKey = this.runner
		.withPropertyValues("events.encryption.keys.2026-11=" + KEY, "events.encryption.active-key=2026-11");

	private static String stored(EventStore store) {
		return store.log().query(EventCriteria.ALL, 10).toString();
	}

	@Test
	void propertiesSayWhatIsEncryptedAndWithWhichKey() {
		this.withKey
			.withPropertyValues("events.encryption.types[user.*].fields=/email,/address/street",
					"events.encryption.types[user.*].subject=/id", "events.encryption.types[payment.**].enabled=true",
					"events.encryption.types[order.**].enabled=false")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.publish(Event.of("user.registered", Map.of("id", 7, "email", "ada@example.org", "address",
						Map.of("street", "Elm 1", "zip", "10"))));
				bus.publish(Event.of("payment.card.used", Map.of("number", "4711")));
				bus.publish(Event.of("order.placed", Map.of("item", "lamp")));
				assertThat(stored(context.getBean(EventStore.class))).doesNotContain("ada@", "Elm", "4711")
					.contains("lamp", "\"zip\":\"10\"", "\"kid\":\"2026-11\"", "\"kid\":\"subject:1\"");
				assertThat(bus.query().list(10).toString()).isNotEmpty();
				assertThat(bus.query().list(10)).extracting((event) -> event.data().toString())
					.anyMatch((data) -> data.contains("ada@example.org") && data.contains("Elm 1"));
			});
	}

	@Test
	void aBeanMayProvideKeys() {
		EventKey key = new EventKey("vault-7", new byte[32]);
		EventKeyProvider provider = new EventKeyProvider() {

			@Override
			public EventKey current(KeyPurpose purpose) {
				return key;
			}

			@Override
			public Optional<EventKey> find(String id) {
				return Optional.of(key);
			}

		};
		ApplicationContextRunner withBean = this.runner.withBean(EventKeyProvider.class, () -> provider)
			.withPropertyValues("events.encryption.types[**].enabled=true");
		withBean.run((context) -> {
			context.getBean(EventBus.class).publish(Event.of("a", "secret"));
			assertThat(stored(context.getBean(EventStore.class))).contains("\"kid\":\"vault-7\"")
				.doesNotContain("secret");
		});
		withBean.withPropertyValues("events.encryption.active-key=a")
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription())
				.isEqualTo("There are keys in events.encryption, and a bean of type EventKeyProvider."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					types[a].enabled=true  |                  | say what is to be encrypted, but there is no key | openssl rand -base64 32
					keys.k1=KEY            |                  | active-key does not say which of them | Set events.encryption.active-key to one of [k1]
					keys.k1=KEY            | active-key=k2    | active-key is 'k2', but there is no key with that id | Set it to one of [k1]
					active-key=k2          |                  | active-key is 'k2', but there is no key with that id | openssl rand -base64 32
					keys.k1=SHORT          | active-key=k1    | events.encryption.keys.k1 is not valid. Key 'k1' has 16 bytes; it must have 32 | openssl
					keys.k1=?secret?       | active-key=k1    | events.encryption.keys.k1 is not Base64 | openssl
					types[a..b].enabled=true |                | events.encryption.types[a..b] is not valid | types[user.*].fields=/email
					types[a].fields=email  |                  | 'email' is not a JSON pointer; write for example /email | types[user.*].fields=/email
					types[a].subject=id    |                  | subject: 'id' is not a JSON pointer | JSON pointers
					subject-key-cache=2h   |                  | subject-key-cache is PT2H | from 0s to 1m
					types.user.x.fields=/e |                  | There is no property events.encryption.types.user.x.fields | types[user.*].fields
					""")
	void wrongSettingsStopTheApplicationSayingWhatToWrite(String first, String second, String description,
			String action) {
		String property = first.replace("KEY", KEY).replace("SHORT", SHORT);
		ApplicationContextRunner runner = this.runner.withPropertyValues("events.encryption." + property);
		if (second != null) {
			runner = runner.withPropertyValues("events.encryption." + second);
		}
		runner.run((context) -> {
			FailureAnalysis analysis = EventsContext.analysis(context);
			assertThat(analysis.getDescription()).contains(description).doesNotContain(KEY, SHORT, "secret");
			assertThat(analysis.getAction()).contains(action).doesNotContain(KEY, SHORT, "secret");
		});
	}

	@Test
	void propertiesDoNotShowKeys() {
		this.withKey.run((context) -> assertThat(context.getBean(EventsProperties.class).toString()).contains("2026-11")
			.doesNotContain(KEY));
	}

	@Test
	void withoutAKeyAnEncryptedClassIsNotPublished() {
		this.runner.run((context) -> {
			assertThatExceptionOfType(InvalidEventException.class)
				.isThrownBy(() -> context.getBean(EventBus.class).publish(new Joined("u-1", "ada@example.org")))
				.withMessageContaining("events.encryption.active-key");
			assertThat(stored(context.getBean(EventStore.class))).isEqualTo("[]");
		});
	}

	@Test
	void endpointsDoNotDecryptAndMetersCountWhatWasErased() {
		this.withKey.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(new Joined("u-1", "ada@example.org"));
			bus.publish(new Joined("u-2", "eve@example.org"));
			bus.dataSubjects().forget("u-2");
			EventsEndpoint endpoint = new EventsEndpoint(bus, new PayloadAccess(ShowPayloads.ALWAYS, Set.of()));
			String json = JsonMapper.shared().writeValueAsString(endpoint.history("user.*", 10, SecurityContext.NONE));
			assertThat(json).doesNotContain("@example.org")
				.contains("\"data\":{\"encrypted\":true}", "\"data\":{\"erased\":true}");
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			new EventMeters(bus).bindTo(meters);
			assertThat(meters.get("events.erased").functionCounter().count()).isZero();
			assertThat(endpoint.events().totals().erased()).isZero();
		});
	}

	@EventType("user.joined")
	record Joined(@DataSubject String userId, @Encrypted String email) {

	}

}
