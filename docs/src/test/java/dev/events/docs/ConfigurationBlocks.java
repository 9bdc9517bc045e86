package dev.events.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.events.spring.autoconfigure.EventsProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Binds what {@code yaml} and {@code properties} blocks say below {@code events}, as the
 * application does when it starts: unknown names and values of the wrong kind are found.
 */
final class ConfigurationBlocks {

	List<Problem> check(Page page) {
		return page.blocks().stream().flatMap((block) -> check(page, block)).toList();
	}

	private Stream<Problem> check(Page page, Block block) {
		return switch (block.language()) {
			case "yaml" -> check(page, block, new YamlPropertySourceLoader());
			case "properties" -> check(page, block, new PropertiesPropertySourceLoader());
			default -> Stream.empty();
		};
	}

	private Stream<Problem> check(Page page, Block block, PropertySourceLoader loader) {
		Function<String, Problem> atBlock = (message) -> new Problem(page.name(), block.firstLine(), message);
		List<PropertySource<?>> sources;
		try {
			sources = loader.load(page.name(),
					new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8), page.name()));
		}
		catch (IOException | RuntimeException ex) {
			return Stream.of(atBlock.apply(String.valueOf(ex.getMessage())));
		}
		List<Problem> problems = new ArrayList<>();
		for (PropertySource<?> source : sources) {
			try {
				new Binder(ConfigurationPropertySources.from(source)).bind("events",
						Bindable.of(EventsProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
			}
			catch (BindException ex) {
				if (ex.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
					unbound.getUnboundProperties()
						.forEach((property) -> problems.add(new Problem(page.name(), line(block, property),
								"there is no property " + property.getName())));
				}
				else {
					problems.add(new Problem(page.name(), line(block, ex.getProperty()), message(ex)));
				}
			}
		}
		return problems.stream();
	}

	private static String message(Throwable error) {
		return (error.getCause() != null) ? message(error.getCause()) : String.valueOf(error.getMessage());
	}

	private static int line(Block block, @Nullable ConfigurationProperty property) {
		return Optional.ofNullable(property)
			.map(ConfigurationProperty::getOrigin)
			.map((origin) -> (origin instanceof PropertySourceOrigin inSource) ? inSource.getOrigin() : origin)
			.filter(TextResourceOrigin.class::isInstance)
			.map((origin) -> ((TextResourceOrigin) origin).getLocation())
			.map((location) -> block.firstLine() + location.getLine())
			.orElse(block.firstLine());
	}

}
