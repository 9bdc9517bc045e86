package dev.events.jdbc;

import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * How many connections a pool has, whichever pool it is.
 */
final class PoolSize {

	// HikariCP, Tomcat, DBCP 2, UCP and c3p0
	private static final List<String> PROPERTIES = List.of("maximumPoolSize", "maxActive", "maxTotal", "maxPoolSize");

	private PoolSize() {
	}

	/** The most connections that can be open at once, if there is a limit we know of. */
	static OptionalInt of(DataSource dataSource) {
		DataSource pool = dataSource;
		while (pool instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
			pool = proxy.getTargetDataSource();
		}
		BeanWrapper bean = PropertyAccessorFactory.forBeanPropertyAccess(pool);
		for (String property : PROPERTIES) {
			try {
				if (bean.isReadableProperty(property) && bean.getPropertyValue(property) instanceof Integer size
						&& size > 0) {
					return OptionalInt.of(size);
				}
			}
			catch (BeansException ex) {
				// not a pool of these
			}
		}
		return OptionalInt.empty();
	}

}
