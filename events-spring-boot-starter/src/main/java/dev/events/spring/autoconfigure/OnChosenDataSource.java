package dev.events.spring.autoconfigure;

import javax.sql.DataSource;

import dev.events.spring.EventsDataSource;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * A DataSource is marked or named for events. Unlike {@code @ConditionalOnBean} this
 * finds one that is no candidate for others, too.
 */
class OnChosenDataSource extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("DataSource chosen for events");
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		String named = context.getEnvironment().getProperty("events.jdbc.data-source");
		if (beanFactory != null) {
			for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class, true,
					false)) {
				if (name.equals(named) || isMarked(beanFactory, name)) {
					return ConditionOutcome.match(message.foundExactly(name));
				}
			}
		}
		return ConditionOutcome.noMatch(message.because("none is marked or named"));
	}

	private static boolean isMarked(ConfigurableListableBeanFactory beanFactory, String name) {
		return beanFactory.containsLocalBean(name)
				&& beanFactory.findAnnotationOnBean(name, EventsDataSource.class, false) != null;
	}

}
