package dev.events.spring.autoconfigure;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import dev.events.spring.autoconfigure.EventsProperties.StoreType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Which store is wanted.
 */
class OnStoreType extends SpringBootCondition {

	private static final Map<StoreType, String> STORES = Map.of(StoreType.JDBC, "dev.events.jdbc.JdbcEventStore",
			StoreType.REDIS, "dev.events.redis.RedisEventStore");

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("events.store");
		StoreType store = metadata.getAnnotations().get(ConditionalOnStoreType.class).getEnum("value", StoreType.class);
		StoreType chosen = Binder.get(context.getEnvironment())
			.bind("events.store", StoreType.class)
			.orElse(StoreType.AUTO);
		Set<StoreType> present = present(context.getClassLoader());
		if (chosen == store || chosen == StoreType.AUTO && present.equals(Set.of(store))) {
			return ConditionOutcome.match(message.because("it is " + chosen + " and there is " + present));
		}
		return ConditionOutcome.noMatch(message.because("it is " + chosen + " and there is " + present));
	}

	/** The durable stores on the class path. */
	static Set<StoreType> present(@Nullable ClassLoader classLoader) {
		Set<StoreType> present = EnumSet.noneOf(StoreType.class);
		STORES.forEach((type, className) -> {
			if (ClassUtils.isPresent(className, classLoader)) {
				present.add(type);
			}
		});
		return present;
	}

}
