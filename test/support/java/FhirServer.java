// A FHIR R4 server for tests: HAPI FHIR over TLS, with every AuditEvent held against the definitions of HL7 before it is stored,
// and found again by patient and date. It keeps everything in memory. Arguments: a PKCS #12 file, its password, a port.

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.param.DateRangeParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.rest.server.interceptor.RequestValidatingInterceptor;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;

public class FhirServer {
  public static void main(String[] args) throws Exception {
    FhirContext context = FhirContext.forR4();
    RestfulServer fhir = new RestfulServer(context);
    fhir.setResourceProviders(List.of(new Events()));
    fhir.registerInterceptor(validating(context));
    Server server = new Server();
    server.addConnector(secure(server, args));
    ServletContextHandler handler = new ServletContextHandler();
    handler.addServlet(new ServletHolder(fhir), "/fhir/*");
    server.setHandler(handler);
    server.start();
    server.join();
  }

  /** An error of the validator refuses the event with 422; a code of our own, or a profile that is not here, is a warning. */
  private static RequestValidatingInterceptor validating(FhirContext context) {
    FhirInstanceValidator module = new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context),
        new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context)));
    module.setErrorForUnknownProfiles(false);
    // The definitions are read at the first validation, which takes longer than a feed waits for an answer.
    context.newValidator().registerValidatorModule(module).validateWithResult(new AuditEvent());
    RequestValidatingInterceptor interceptor = new RequestValidatingInterceptor();
    interceptor.addValidatorModule(module);
    interceptor.setFailOnSeverity(ResultSeverityEnum.ERROR);
    return interceptor;
  }

  private static ServerConnector secure(Server server, String[] args) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(args[0]);
    tls.setKeyStoreType("PKCS12");
    tls.setKeyStorePassword(args[1]);
    HttpConfiguration https = new HttpConfiguration();
    https.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(https));
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(args[2]));
    return connector;
  }

  public static class Events implements IResourceProvider {
    private final List<AuditEvent> stored = new ArrayList<>();

    @Override
    public Class<? extends IBaseResource> getResourceType() {
      return AuditEvent.class;
    }

    @Create
    public synchronized MethodOutcome create(@ResourceParam AuditEvent event) {
      event.setId(new IdType("AuditEvent", String.valueOf(stored.size() + 1), "1"));
      stored.add(event);
      return new MethodOutcome(event.getIdElement(), true);
    }

    @Read
    public synchronized AuditEvent read(@IdParam IdType id) {
      int at = Integer.parseInt(id.getIdPart()) - 1;
      if (at < 0 || at >= stored.size()) throw new ResourceNotFoundException(id);
      return stored.get(at);
    }

    /** As ITI-81 asks: by the identifier of a patient, and by date. */
    @Search
    public synchronized List<AuditEvent> search(
        @OptionalParam(name = "patient.identifier") TokenParam patient, @OptionalParam(name = "date") DateRangeParam date) {
      List<AuditEvent> found = new ArrayList<>();
      for (AuditEvent event : stored) if (isOf(event, patient) && isIn(event, date)) found.add(event);
      return found;
    }

    private static boolean isOf(AuditEvent event, TokenParam patient) {
      if (patient == null) return true;
      for (AuditEvent.AuditEventEntityComponent entity : event.getEntity()) {
        Identifier identifier = entity.getWhat().getIdentifier();
        boolean isPatient = "Patient".equals(entity.getWhat().getType());
        boolean isSystem = patient.getSystem() == null || patient.getSystem().equals(identifier.getSystem());
        if (isPatient && isSystem && patient.getValue().equals(identifier.getValue())) return true;
      }
      return false;
    }

    private static boolean isIn(AuditEvent event, DateRangeParam date) {
      if (date == null) return true;
      Date from = date.getLowerBoundAsInstant();
      Date until = date.getUpperBoundAsInstant();
      Date at = event.getRecorded();
      return (from == null || !at.before(from)) && (until == null || !at.after(until));
    }
  }
}
