package dev.events.spring.application;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.events.EventSubscriber;
import dev.events.EventType;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Loaded several times by {@link RestartTests}.
 */
@Configuration(proxyBeanMethods = false)
public class RestartedApplication {

	@Bean
	Names names() {
		return new Names();
	}

	@EventType("restart.named")
	public record Named(String name) {

	}

	static class Names implements Supplier<List<String>> {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@EventSubscriber
		void on(Named event) {
			this.seen.add(event.name());
		}

		@Override
		public List<String> get() {
			return this.seen;
		}

	}

}
