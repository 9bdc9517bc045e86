package dev.events.spring.jdbc;

import java.util.Set;

import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.Ordered;

/**
 * Tells Spring Boot of {@link EventsSchemaInitializer}: it runs after the application's
 * own migrations, because Flyway refuses a schema that has tables but no history, and
 * before what works with the database.
 */
class EventsSchemaInitializerDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

	@Override
	protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
		return Set.of(EventsSchemaInitializer.class);
	}

	/**
	 * After the detector of scripts, the last of Spring Boot's, at 100 before the end.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 90;
	}

}
