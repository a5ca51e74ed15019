using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>A layer's epilogue in the names and summaries of its kernels.</summary>
internal static class EpilogueText
{
    /// <summary>For example <c>_Add_Relu</c>; empty where nothing is fused.</summary>
    public static string Tag(this Epilogue epilogue) =>
        (epilogue.Residual ? "_Add" : "") + (epilogue.Activation is { } activation ? $"_{activation.Function}" : "");

    /// <summary>For example <c>, residual added, Relu applied</c>; empty where nothing is fused.</summary>
    public static string Summary(this Epilogue epilogue) =>
        (epilogue.Residual ? ", residual added" : "") + (epilogue.Activation is { } activation ? $", {activation.Function} applied" : "");
}
