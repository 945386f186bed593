"""What an issue is: model, RELAX NG schema, reader, writer, source checks."""
