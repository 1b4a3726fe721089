namespace McpImageGen.Jobs.Images;

/// <summary>The image store answers and does not permit what was asked: an operator has to correct its permissions or credentials.</summary>
public sealed class ImageStoreRefusedException(string message, Exception inner) : IOException(message, inner);
