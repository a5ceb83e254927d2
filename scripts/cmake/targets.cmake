# thumbline_target(NAME): what every target of ours is compiled with.
# Include paths start at the project's root, so that an #include says where a thing lives.
function(thumbline_target target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                                           -Wcast-align $<$<BOOL:${THUMBLINE_DEVELOPER}>:-Werror>)
  if(NOT THUMBLINE_SANITIZE) # the sanitizers' own checks make it see null pointers in the standard library
    target_compile_options(${target} PRIVATE -Wnull-dereference)
  else() # and optionals that are read before they are set, and strings that are too short: for one length of a path and not for another
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
                                               -Wno-stringop-overread)
    endif()
    target_compile_options(${target} PUBLIC -fsanitize=${THUMBLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${THUMBLINE_SANITIZE})
  endif()
endfunction()

# thumbline_library(NAME SOURCE...): a static library.
function(thumbline_library target)
  add_library(${target} STATIC ${ARGN})
  thumbline_target(${target})
endfunction()

# thumbline_program(NAME LIBRARY): the program is its library plus main().
function(thumbline_program target library)
  add_executable(${target} main.cpp)
  thumbline_target(${target})
  target_link_libraries(${target} PRIVATE ${library})
  install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
