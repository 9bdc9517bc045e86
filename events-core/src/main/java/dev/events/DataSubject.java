package dev.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the record component, field or getter that names the person an event is about.
 * What is {@link Encrypted} of the event, all of its data if nothing else is said, is
 * encrypted with a key of that person alone, so that {@link DataSubjects#forget} makes it
 * unreadable for good. The value, as it is written in JSON, must be a string, number or
 * boolean, at most 500 characters long, and unique over all kinds of subjects; an event
 * without it cannot be published. It is itself encrypted only if all of the data is.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD })
public @interface DataSubject {

}
