package dev.events.spring.autoconfigure;

import java.util.Arrays;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Chooses the DataSource that holds the events: the one that is named by property, else
 * the one that is marked, else the only or primary one.
 */
final class EventsDataSourceSelector {

	private static final String CHOOSE = "Mark one with @EventsDataSource, name one by events.jdbc.data-source, "
			+ "or make one of them @Primary.";

	private final ListableBeanFactory beanFactory;

	EventsDataSourceSelector(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Chooses.
	 * @param name name of a bean, or {@code null}
	 * @param marked those marked for events
	 * @param others any
	 * @throws EventsSetupException when there is no or more than one choice
	 */
	DataSource select(@Nullable String name, ObjectProvider<DataSource> marked, ObjectProvider<DataSource> others) {
		if (name != null) {
			return named(name);
		}
		List<DataSource> chosen = marked.stream().toList();
		if (chosen.size() == 1) {
			return chosen.get(0);
		}
		if (chosen.size() > 1) {
			throw new EventsSetupException("More than one DataSource is marked with @EventsDataSource.",
					"Mark only one, or name it by events.jdbc.data-source.", null);
		}
		DataSource single = others.getIfUnique();
		if (single != null) {
			return single;
		}
		throw new EventsSetupException("There are several DataSources to keep events in: " + names() + ".", CHOOSE,
				null);
	}

	private DataSource named(String name) {
		if (this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, DataSource.class)) {
			return this.beanFactory.getBean(name, DataSource.class);
		}
		throw new EventsSetupException(
				"events.jdbc.data-source is " + name + ", but there is no DataSource of this name.",
				"Write the name of one of these beans: " + names() + ".", null);
	}

	private List<String> names() {
		return Arrays.asList(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, DataSource.class));
	}

}
