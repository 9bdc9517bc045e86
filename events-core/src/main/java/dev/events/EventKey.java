package dev.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the record component, field or method without parameters whose value, as a
 * string, is the ordering key of the event. Events with the same key reach each durable
 * subscriber in the order of their commit. A {@code null} value means an event without
 * key.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD })
public @interface EventKey {

}
