package dev.events.spring.jdbc;

import org.springframework.beans.factory.InitializingBean;

/**
 * Brings the tables of the JDBC store up to date when it is initialised. A bean of its
 * own, so that Spring Boot can order it among others that set up the database, and not a
 * {@code Flyway}, which would switch off the application's.
 */
public final class EventsSchemaInitializer implements InitializingBean {

	private final Runnable migration;

	/**
	 * Creates an initialiser.
	 * @param migration creates what is not there; does nothing when all is up to date
	 */
	public EventsSchemaInitializer(Runnable migration) {
		this.migration = migration;
	}

	@Override
	public void afterPropertiesSet() {
		this.migration.run();
	}

}
