package dev.events.spring.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.events.spring.autoconfigure.EventsProperties.StoreType;

import org.springframework.context.annotation.Conditional;

/**
 * Matches when {@code events.store} names the store, or leaves it open and this is the
 * only durable store on the class path.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnStoreType.class)
@interface ConditionalOnStoreType {

	/** The store. */
	StoreType value();

}
