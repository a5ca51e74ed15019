namespace CnnCodegen;

/// <summary>The instruction set a program is specialised for.</summary>
public enum TargetIsa
{
    /// <summary>128-bit vectors through the portable API: SSE, NEON, WebAssembly SIMD.</summary>
    Portable,

    /// <summary>256-bit vectors: AVX2 and FMA.</summary>
    Avx2,

    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL.</summary>
    Avx512,
}
