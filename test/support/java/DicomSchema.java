// Holds audit messages of DICOM against their schema (PS3.15 A.5 in the edition 2017c): one a line on standard input, and for each a
// line on standard output, "valid" or what is wrong.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

public class DicomSchema {
  public static void main(String[] args) throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    Schema schema = factory.newSchema(DicomSchema.class.getClassLoader().getResource("dicom2017c.xsd"));
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(judged(schema, line));
  }

  private static String judged(Schema schema, String xml) {
    try {
      schema.newValidator().validate(new StreamSource(new StringReader(xml)));
      return "valid";
    } catch (Exception cause) {
      return String.valueOf(cause.getMessage()).replace('\n', ' ');
    }
  }
}
