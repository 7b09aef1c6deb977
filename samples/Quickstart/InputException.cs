namespace Mvx.Sink.Quickstart;

/// <summary>What the user asked for cannot be done; the message says why and what would.</summary>
internal sealed class InputException(string message, Exception? innerException = null) : Exception(message, innerException);
