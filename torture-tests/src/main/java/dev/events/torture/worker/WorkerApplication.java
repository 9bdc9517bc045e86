package dev.events.torture.worker;

import java.nio.file.Path;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * One node. It does what the driver says on standard input, and ends with it.
 */
@SpringBootApplication
@EnableConfigurationProperties(WorkerSettings.class)
public class WorkerApplication {

	public static void main(String[] arguments) {
		ConfigurableApplicationContext context = SpringApplication.run(WorkerApplication.class, arguments);
		context.getBean(Commands.class).obey();
		// the driver is gone: nobody else would end this JVM
		System.exit(SpringApplication.exit(context));
	}

	@Bean
	Journal journal(WorkerSettings settings) {
		Path file = settings.directory().resolve(settings.name() + ".journal");
		return new Journal(file);
	}

}
