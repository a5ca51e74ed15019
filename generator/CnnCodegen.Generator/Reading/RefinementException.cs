namespace CnnCodegen.Generator.Reading;

/// <summary>A refinement does not suit the layer it stands behind. The message says why, and what to change.</summary>
internal sealed class RefinementException(string message) : Exception(message);
